import {
  type ClientConfig,
  defaultKeyPackageEqualityConfig,
  defaultKeyRetentionConfig,
  defaultLifetimeConfig,
} from "ts-mls";

/** Messages of one group: the next one has fresh keys of everybody. They are understood in whatever order they come. */
export const MOST_MESSAGES = 100;
/** What a message carries is smaller than this, always: so its length says nothing. */
const PADDED_TO = 1_024;

/** What is ours to decide of MLS. */
export const CONFIG: ClientConfig = {
  keyRetentionConfig: { ...defaultKeyRetentionConfig, retainKeysForGenerations: MOST_MESSAGES },
  lifetimeConfig: defaultLifetimeConfig,
  keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
  paddingConfig: { kind: "padUntilLength", padUntilLength: PADDED_TO },
};
