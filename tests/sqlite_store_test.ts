import { SqliteStore } from "../server/store/store_client.ts";
import { peopleStoreContract } from "./people_store_contract.ts";
import { storeContract } from "./store_contract.ts";
import { temporary } from "./support/temporary.ts";

const open = (after: AsyncDisposableStack) => SqliteStore.open({ folder: temporary(after) });

storeContract("sqlite", open);
peopleStoreContract("sqlite", open);
