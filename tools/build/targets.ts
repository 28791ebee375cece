/** What is released: the names of the files, and Deno's names of the machines. */
export const TARGETS = [
  { name: "chat-linux-x86_64", target: "x86_64-unknown-linux-gnu" },
  { name: "chat-linux-aarch64", target: "aarch64-unknown-linux-gnu" },
  { name: "chat-macos-x86_64", target: "x86_64-apple-darwin" },
  { name: "chat-macos-aarch64", target: "aarch64-apple-darwin" },
  { name: "chat-windows-x86_64.exe", target: "x86_64-pc-windows-msvc" },
] as const;
