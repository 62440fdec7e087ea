import { useQuery } from "@tanstack/react-query";
import { createContext, useContext, useEffect } from "react";
import { siteQuery } from "../api/queries.ts";

/** What stands between page and site: the operator's area. */
export const Area = createContext("");

const written = document.title;

/** Tabs and the browser's history tell the pages apart, and the sites by the name their operators gave them. */
export function useTabTitle(title: string): void {
  const area = useContext(Area);
  const site = useQuery(siteQuery).data?.name ?? written;
  useEffect(() => {
    document.title = [title, area, site].filter((part) => part !== "").join(" · ");
  }, [title, area, site]);
}
