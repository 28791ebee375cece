import { BROWSER_PROGRAMS } from "../../client/gui/browsers.ts";

/** The environment variables that the terminal client asks for. */
const VARIABLES = [
  ...["USER", "LOGNAME", "USERNAME"], // who you are
  ...["XDG_STATE_HOME", "XDG_DATA_HOME", "HOME", "LOCALAPPDATA"], // where is kept what survives a run
  "XDG_DOWNLOAD_DIR", // and what others send
  ...["DISPLAY", "WAYLAND_DISPLAY"], // whether there is a screen
  ...["XDG_RUNTIME_DIR", "TMPDIR", "TEMP"], // where a window's address is kept until it is open
  "CHAT_PASSWORD_COMMAND",
  ...["TERM", "COLORTERM", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR"],
  ...["LC_ALL", "LC_CTYPE", "LANG"],
];

/**
 * What the compiled program may do; there is nobody to grant it more later. Where the file of lines typed lies is known
 * only at run time, so reading and writing cannot be narrowed here.
 */
export const PERMISSIONS: readonly string[] = [
  "--allow-net",
  "--allow-read",
  "--allow-write",
  `--allow-env=${VARIABLES}`,
  "--allow-sys=systemMemoryInfo,hostname,statfs", // how many Workers memory carries; what a device is called; room for files
  `--allow-run=${["/bin/kill", "sh", ...BROWSER_PROGRAMS]}`, // Ctrl-Z; CHAT_PASSWORD_COMMAND; the window
];
