/** The lines of a stream of text. */
export async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (
    const text of stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
  ) {
    const [last, ...whole] = (rest + text).split("\n").toReversed();
    rest = last!;
    yield* whole.toReversed();
  }
}
