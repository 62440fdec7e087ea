import { ChevronLeft } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "./router.tsx";

type BackLinkProps = Readonly<{ to: "/settings" | "/strategies"; children: ReactNode }>;

/** To the page that this one is part of. */
export function BackLink({ to, children }: BackLinkProps) {
  return (
    <Link
      to={to}
      className="inline-flex items-center gap-1 justify-self-start text-muted hover:text-text pointer-coarse:min-h-11"
    >
      <ChevronLeft size={14} aria-hidden="true" />
      {children}
    </Link>
  );
}
