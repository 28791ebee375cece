import { pathToFileURL } from "node:url";

/** Chromium and its relatives, as they are called where programs are found by name. */
const CHROMIUMS = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "brave-browser",
  "microsoft-edge",
];
const APPLICATIONS = ["Google Chrome", "Chromium", "Brave Browser", "Microsoft Edge"];
const WINDOWS = [
  String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
  String.raw`C:\Program Files (x86)\Google\Chrome\Application\chrome.exe`,
  String.raw`C:\Program Files\BraveSoftware\Brave-Browser\Application\brave.exe`,
  String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
  String.raw`C:\Program Files\Microsoft\Edge\Application\msedge.exe`,
];

/** Every program that may be started to show a window, on any system. */
export const BROWSER_PROGRAMS: readonly string[] = [...CHROMIUMS, "xdg-open", "open", "cmd", ...WINDOWS];

/** The commands that show this file, the best first: as a window of its own, else in the browser of one's choice. */
export function browserCommands(
  os: typeof Deno.build.os,
  path: string,
): readonly (readonly [program: string, ...args: string[]])[] {
  const app = `--app=${pathToFileURL(path)}`;
  switch (os) {
    case "darwin":
      return [
        ...APPLICATIONS.map((name) => ["open", "-na", name, "--args", app] as const),
        ["open", path],
      ];
    case "windows":
      return [...WINDOWS.map((program) => [program, app] as const), ["cmd", "/c", "start", "", path]];
    default:
      return [...CHROMIUMS.map((program) => [program, app] as const), ["xdg-open", path]];
  }
}
