import { useQuery } from "@tanstack/react-query";
import { securityQuery } from "../../api/account-queries.ts";
import { BackLink } from "../../router/back-link.tsx";
import { Skeleton } from "../../ui/feedback.tsx";
import { Page } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { AddressSection } from "./address-section.tsx";
import { DataSection } from "./data-section.tsx";
import { PasskeysSection } from "./passkeys-section.tsx";
import { PasswordSection } from "./password-section.tsx";
import { SessionsSection } from "./sessions-section.tsx";
import { TelegramSection } from "./telegram-section.tsx";
import { texts } from "./texts.ts";
import { TokensSection } from "./tokens-section.tsx";
import { TotpSection } from "./totp-section.tsx";

/** How one's account is kept: address, password, second factor, sessions. */
export function SecurityPage() {
  const { data: security, error, refetch } = useQuery(securityQuery);
  return (
    <Page title={texts.title} tools={<BackLink to="/settings">{texts.back}</BackLink>}>
      <div className="max-w-180 pb-8">
        {error !== null && (
          <ProblemView error={error} onRetry={() => void refetch()} className="m-4" />
        )}
        {security === undefined ? (
          error === null && <Skeleton className="m-4 h-60" />
        ) : (
          <>
            <AddressSection security={security} />
            <PasswordSection security={security} />
            <PasskeysSection />
            <TotpSection security={security} />
          </>
        )}
        <SessionsSection />
        <TokensSection />
        <TelegramSection />
        <DataSection />
      </div>
    </Page>
  );
}
