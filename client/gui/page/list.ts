import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type Rect,
  type VirtualItem,
  Virtualizer,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect, useReducer, useRef } from "preact/hooks";

/** A list of which only what is on view is in the document. */
export type List = Virtualizer<HTMLElement, HTMLElement>;

/** Where a list was when it was left. */
export interface Place {
  readonly offset: number;
  readonly sizes: VirtualItem[];
}

/** What a list shows. */
export interface ListOf {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly keys: readonly string[];
  readonly place: Place | undefined;
  /** It is about to go. */
  readonly leave: (list: List) => void;
}

/** Of a row that was never on view, in pixels. */
const USUAL_HEIGHT = 28;
/** Rows above and below the view that are there, too. */
const OVERSCAN = 12;
/** So near to the end counts as being there, in pixels. */
const END_PX = 24;

/** Keeps the list where the reader is: at the end if they are there, and else at the row they look at, whatever comes. */
export function useList({ scroller, keys, place, leave }: ListOf): List {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const options = {
    count: keys.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => USUAL_HEIGHT,
    getItemKey: (index: number) => keys[index]!,
    overscan: OVERSCAN,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: END_PX,
    scrollToFn: elementScroll,
    observeElementRect: observeView,
    observeElementOffset,
    onChange: () => draw(undefined as never),
    ...place === undefined ? {} : { initialOffset: place.offset, initialMeasurementsCache: place.sizes },
  } as const;
  const held = useRef<List>(undefined);
  const list = held.current ??= new Virtualizer<HTMLElement, HTMLElement>(options);
  list.setOptions(options);
  useLayoutEffect(() => {
    const unmount = list._didMount();
    return () => {
      leave(list); // while it still knows where it is
      unmount();
    };
  }, []);
  useLayoutEffect(() => list._willUpdate());
  return list;
}

/** Whoever is at the end stays there, too, when there is less room: where one writes grows with what is written. */
function observeView(list: List, tell: (rect: Rect) => void): void | (() => void) {
  return observeElementRect(list, (rect) => {
    const before = list.scrollRect?.height ?? 0;
    const left = list.getTotalSize() - before - (list.scrollOffset ?? 0);
    tell(rect);
    if (before > 0 && rect.height < before && left <= END_PX) list.scrollToEnd();
  });
}
