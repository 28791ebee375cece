/** Sixty-four pictures that are easy to tell apart, and to name on the telephone. */
export const EMOJI: readonly (readonly [symbol: string, name: string])[] = [
  ["🐶", "dog"], ["🐱", "cat"], ["🦁", "lion"], ["🐴", "horse"], ["🦄", "unicorn"], ["🐷", "pig"], ["🐘", "elephant"],
  ["🐰", "rabbit"], ["🐼", "panda"], ["🐔", "hen"], ["🐧", "penguin"], ["🐢", "turtle"], ["🐟", "fish"], ["🐙", "octopus"],
  ["🦋", "butterfly"], ["🐝", "bee"], ["🌷", "tulip"], ["🌳", "tree"], ["🌵", "cactus"], ["🍄", "mushroom"], ["🌍", "earth"],
  ["🌙", "moon"], ["☁️", "cloud"], ["🔥", "fire"], ["🍌", "banana"], ["🍎", "apple"], ["🍓", "strawberry"], ["🌽", "maize"],
  ["🍕", "pizza"], ["🎂", "cake"], ["❤️", "heart"], ["🙂", "smile"], ["🤖", "robot"], ["🎩", "hat"], ["👓", "glasses"],
  ["🔧", "spanner"], ["🎅", "santa"], ["👍", "thumb"], ["☂️", "umbrella"], ["⌛", "hourglass"], ["⏰", "clock"], ["🎁", "gift"],
  ["💡", "lamp"], ["📕", "book"], ["✏️", "pencil"], ["📎", "paperclip"], ["✂️", "scissors"], ["🔒", "lock"], ["🔑", "key"],
  ["🔨", "hammer"], ["☎️", "telephone"], ["🏁", "flag"], ["🚂", "train"], ["🚲", "bicycle"], ["✈️", "aeroplane"], ["🚀", "rocket"],
  ["🏆", "cup"], ["⚽", "ball"], ["🎸", "guitar"], ["🎺", "trumpet"], ["🔔", "bell"], ["⚓", "anchor"], ["🎧", "headphones"],
  ["📌", "pin"],
];
