import { accountOperations } from "./account-data.ts";
import { generalOperations } from "./general.ts";
import { marketDataOperations } from "./market-data.ts";
import type { Operation } from "./operation.ts";
import { tradingOperations } from "./trading.ts";

/** Everything the spot API can do. */
export const spotOperations: readonly Operation[] = [
  ...generalOperations,
  ...marketDataOperations,
  ...tradingOperations,
  ...accountOperations,
];

export const byName = (operations: readonly Operation[]): ReadonlyMap<string, Operation> => {
  const found = new Map<string, Operation>();
  for (const operation of operations) {
    if (operation.socket !== null) found.set(operation.socket, operation);
  }
  return found;
};

export const spotOperationsByName = byName(spotOperations);
