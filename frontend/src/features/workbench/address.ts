import { pageAddress } from "../../router/router.tsx";
import { workbenchSearch } from "./search.ts";

/** What the workbench reads from its address and writes to it. */
export const workbenchAddress = pageAddress("/workbench", workbenchSearch);
