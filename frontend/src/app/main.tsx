import "./tokens.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { problemOf } from "../api/problem.ts";
import { receiveLook } from "../api/session.ts";
import { AddressProvider } from "../router/router.tsx";
import { App } from "./app.tsx";
import { preparePage } from "./page-table.tsx";
import { applyRememberedLook } from "./theme.ts";

applyRememberedLook();

if (location.hash === "#/look") {
  await receiveLook();
  location.replace("#/");
}

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // Only what may pass by itself is tried again: no connection, and the server's own troubles.
      retry: (failures, error) =>
        failures < 2 && [0, 502, 503, 504].includes(problemOf(error).status),
    },
  },
});

const place = document.getElementById("root");
if (place === null) throw new Error("index.html has no place for the page");
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <AddressProvider prepare={preparePage}>
        <App />
      </AddressProvider>
    </QueryClientProvider>
  </StrictMode>,
);
