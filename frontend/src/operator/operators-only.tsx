import type { ReactNode } from "react";
import { useMayOperate } from "./use-operator.ts";

/** What changes something: shown to who may do it. */
export const OperatorsOnly = ({ children }: { children: ReactNode }) =>
  useMayOperate() ? children : null;
