import { SqliteStore } from "../server/store/store_client.ts";
import { storeContract } from "./store_contract.ts";
import { temporary } from "./support/temporary.ts";

storeContract("sqlite", (after) => SqliteStore.open({ folder: temporary(after) }));
