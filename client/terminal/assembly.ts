import { PasswordSource } from "../password_source.ts";
import { AccountErrands } from "./account_errands.ts";
import { Arrivals } from "./arrivals.ts";
import type { Composer } from "./composer.ts";
import { Desk } from "./desk.ts";
import { ErrandLine } from "./errand_line.ts";
import { Errands } from "./errands.ts";
import { FileErrands } from "./file_errands.ts";
import type { Chat, Talk } from "./front.ts";
import type { HistoryFile } from "./history_file.ts";
import { KeyErrands } from "./key_errands.ts";
import { Narrator } from "./narrator.ts";
import { ReadMarks } from "./read_marks.ts";
import { RoomErrands } from "./room_errands.ts";
import type { Screen } from "./screen.ts";
import { Secrets } from "./secrets.ts";
import { SignIn } from "./sign_in.ts";

/** What the parts of the front end are put together from. */
export interface Ground {
  readonly chat: Chat;
  readonly talk: Talk;
  readonly screen: Screen;
  readonly composer: Composer;
  readonly file: HistoryFile;
  readonly linear: boolean;
  readonly bell: boolean;
  readonly register: boolean;
  readonly source: PasswordSource | undefined;
  /** Keeps the terminal from showing what is typed. */
  readonly hide: (on: boolean) => void;
  /** Ends the program with an exit code. */
  readonly end: (code: number) => void;
}

/** The parts that listen to the keys and to the chat. */
export interface Parts {
  readonly narrator: Narrator;
  readonly arrivals: Arrivals;
  readonly rooms: RoomErrands;
  readonly errands: Errands;
  readonly secrets: Secrets;
  readonly signIn: SignIn;
  readonly marks: ReadMarks;
  readonly desk: Desk;
}

/** Puts them together: who knows whom is said here, and nowhere else. */
export function assemble(ground: Ground): Parts {
  const { chat, talk, screen, composer, file, linear, end } = ground;
  const marks = new ReadMarks(chat);
  const narrator = new Narrator(chat, talk, {
    show: (item) => screen.print(item),
    ring: () => ground.bell && screen.bell(),
    marks,
  });
  const line = new ErrandLine(narrator);
  const arrivals = new Arrivals(chat, talk, narrator);
  const secrets = new Secrets(ground.hide);
  const accounts = new AccountErrands({ chat, talk, narrator, secrets, line });
  const rooms = new RoomErrands({ chat, talk, narrator, arrivals, line });
  const keys = new KeyErrands({ chat, narrator, line });
  const files = new FileErrands({ chat, narrator, line });
  const errands = new Errands({
    chat,
    talk,
    narrator,
    line,
    rooms,
    accounts,
    keys,
    files,
    clear: () => screen.clear(),
    quit: () => desk.leave(),
  });
  const desk = new Desk({ chat, talk, composer, narrator, errands, file, marks, linear, end });
  const source = ground.source ?? PasswordSource.none;
  const signIn = new SignIn({
    chat,
    talk,
    narrator,
    secrets,
    accounts,
    source,
    register: ground.register,
    end,
  });
  return { narrator, arrivals, rooms, errands, secrets, signIn, marks, desk };
}
