import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import type { BacktestDetail, BacktestView } from "@trading/contracts/backtests";
import type { PlatformEvent } from "@trading/contracts/events";
import type { DataTask } from "@trading/contracts/market-data";
import { useEffect, useState } from "react";
import { type Connection, listenToEvents } from "../api/events.ts";

/** Keeps what is on the screen true: bars move with the event's own share, everything else is read again. */
export function useLiveUpdates(): Connection {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("connecting");
  useEffect(() => {
    let wasOpen = false;
    return listenToEvents(
      (event) => apply(client, event),
      (state) => {
        setConnection(state);
        // What happened while the stream was down was not heard: read it.
        if (state === "open" && wasOpen) void client.invalidateQueries();
        if (state === "open") wasOpen = true;
      },
    );
  }, [client]);
  return connection;
}

type Running = Pick<DataTask | BacktestView | BacktestDetail, "id" | "status" | "progress">;

function apply(client: QueryClient, event: PlatformEvent): void {
  if (["series", "strategies", "inbox", "announcement", "exchange-accounts"].includes(event.kind)) {
    void client.invalidateQueries({ queryKey: [event.kind] });
    return;
  }
  const key = [event.kind === "data-task" ? "data-tasks" : "backtest"];
  if (event.share !== undefined && event.status === "running") {
    client.setQueriesData<Running | { items: Running[] }>({ queryKey: key }, (old) =>
      moved(old, event),
    );
    return;
  }
  void client.invalidateQueries({ queryKey: key });
  if (event.kind === "data-task") void client.invalidateQueries({ queryKey: ["series"] });
}

function moved<Data extends Running | { items: Running[] }>(
  old: Data | undefined,
  event: PlatformEvent,
): Data | undefined {
  if (old === undefined) return old;
  if ("items" in old) return { ...old, items: old.items.map((item) => moved(item, event) ?? item) };
  if (old.id !== event.id || event.share === undefined) return old;
  return {
    ...old,
    status: "running",
    progress: { ...old.progress, share: event.share, step: event.step ?? old.progress.step },
  };
}
