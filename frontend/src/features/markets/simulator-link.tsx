import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { simulatorQuery } from "../../api/market-queries.ts";
import { meQuery } from "../../api/queries.ts";
import { buttonClass } from "../../ui/button.tsx";
import { texts } from "./texts.ts";

/** The simulator listens on its own machine alone: elsewhere the link would lead nowhere. */
const isOnThisMachine = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);

/** Opens the simulated exchange's own page, for the operator. */
export function SimulatorLink() {
  const isOperator = useQuery(meQuery).data?.role === "admin";
  const { data } = useQuery({ ...simulatorQuery, enabled: isOperator && isOnThisMachine });
  if (!data?.address) return null;
  return (
    <a
      href={data.address}
      target="_blank"
      rel="noreferrer"
      title={texts.simulatorHelp}
      className={buttonClass("plain", true)}
    >
      <ExternalLink size={14} aria-hidden="true" />
      {texts.simulator}
    </a>
  );
}
