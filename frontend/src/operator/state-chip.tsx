import type { Person } from "@trading/contracts/admin";
import { Chip } from "../ui/feedback.tsx";
import { texts } from "./texts.ts";

/** Whether an account can be used, and whether its address is theirs. */
export function StateChip({
  person,
}: {
  person: Pick<Person, "isSuspended" | "emailProven" | "eraseAt">;
}) {
  if (person.eraseAt !== null) return <Chip>{texts.users.states.closed}</Chip>;
  if (person.isSuspended) return <Chip tone="bad">{texts.users.states.suspended}</Chip>;
  return person.emailProven ? (
    <Chip tone="good">{texts.users.states.active}</Chip>
  ) : (
    <Chip tone="attention">{texts.users.states.unproven}</Chip>
  );
}
