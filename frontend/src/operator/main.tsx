import "./operator.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { problemOf } from "../api/problem.ts";
import { applyRememberedLook } from "../app/theme.ts";
import { AddressProvider } from "../router/router.tsx";
import { OperatorApp } from "./operator-app.tsx";

applyRememberedLook();

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) =>
        failures < 2 && [0, 502, 503, 504].includes(problemOf(error).status),
    },
  },
});
const ready = async () => undefined;

const place = document.getElementById("root");
if (place === null) throw new Error("admin/index.html has no place for the page");
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <AddressProvider prepare={ready}>
        <OperatorApp />
      </AddressProvider>
    </QueryClientProvider>
  </StrictMode>,
);
