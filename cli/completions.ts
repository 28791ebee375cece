import { bash } from "./completions/bash.ts";
import { fish } from "./completions/fish.ts";
import { zsh } from "./completions/zsh.ts";
import { command, type Program } from "./flag_table.ts";

/** The shells that {@linkcode completions} writes for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = typeof SHELLS[number];

/** `chat completions SHELL`. */
export const COMPLETIONS = command({
  name: "completions",
  summary: "print a completion script for a shell",
  operands: [{ name: "SHELL", help: "one of", choices: SHELLS }],
  flags: [],
  examples: [
    ["source <(chat completions bash)", "bash, in ~/.bashrc"],
    ["source <(chat completions zsh)", "zsh, in ~/.zshrc after compinit"],
    ["chat completions fish | source", "fish, in ~/.config/fish/config.fish"],
  ],
});

/** The completion script of a program, drawn from the same tables as its `--help`. */
export function completions(shell: Shell, program: Program): string {
  switch (shell) {
    case "bash":
      return bash(program);
    case "zsh":
      return zsh(program);
    case "fish":
      return fish(program);
    default:
      return shell satisfies never;
  }
}
