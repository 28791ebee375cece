// Asks the terminal how far each text moves its cursor: run by tests/terminal_cells_test.ts with a file of texts to
// read, and one to write the columns to.
const [from, to] = Deno.args;
const texts: string[] = JSON.parse(await Deno.readTextFile(from!));
const columns: number[] = [];
const encoder = new TextEncoder();
Deno.stdin.setRaw(true);
const byte = new Uint8Array(1);
for (const text of texts) {
  await Deno.stdout.write(encoder.encode(`\r\x1b[K${text}\x1b[6n`));
  let answer = "";
  while (!answer.endsWith("R")) {
    await Deno.stdin.read(byte);
    answer += String.fromCharCode(byte[0]!);
  }
  columns.push(Number(/;(\d+)R/.exec(answer)![1]) - 1);
}
await Deno.writeTextFile(to!, JSON.stringify(columns));
