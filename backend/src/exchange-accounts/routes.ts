import { id } from "@trading/contracts/common";
import {
  type ConnectableExchange,
  connectableExchanges,
  exchangeAccount,
  exchangeAccountChange,
  exchangeAccountList,
  exchangeAccountRequest,
  exchangeReading,
  keyReplacement,
} from "@trading/contracts/exchange-accounts";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Confirmations } from "../accounts/confirmations.ts";
import { nameOfConnectable } from "../exchanges/key-reader.ts";
import { isSimulated } from "../exchanges/offered-exchanges.ts";
import { PlatformError } from "../platform/errors.ts";
import type { Intake } from "./intake.ts";
import type { Readings } from "./reading.ts";
import type { ExchangeAccountStore } from "./store.ts";

type Needs = Readonly<{
  accounts: ExchangeAccountStore;
  intake: Intake;
  readings: Readings;
  confirmations: Confirmations;
  simulatorUrl: string | null;
  outgoingAddresses: readonly string[];
  isHalted(): Promise<boolean>;
}>;

const params = z.object({ accountId: id });
/** Each of these asks an exchange, which counts all requests of this server together. */
const config = { rateLimit: { max: 60, timeWindow: "1 minute" } };

/** /api/v1/exchange-accounts: accounts at exchanges. What touches a key wants password or code to have been shown lately. */
export function exchangeAccountRoutes(needs: Needs): FastifyPluginAsyncZod {
  const { accounts, intake, readings, confirmations, simulatorUrl, outgoingAddresses } = needs;
  const offered = connectableExchanges.filter((one) => !isSimulated(one) || simulatorUrl !== null);
  const requireOffered = (exchange: ConnectableExchange): void => {
    if (offered.includes(exchange)) return;
    throw new PlatformError("validation-failed", "This exchange is not offered here.", {
      errors: [{ where: "exchange", message: "is not offered here" }],
    });
  };
  return async (app) => {
    const list = {
      summary: "Accounts at exchanges, and what can be connected",
      response: { 200: exchangeAccountList },
    };
    app.get("/", { schema: list }, async ({ user }) => ({
      items: await accounts.list(user.id),
      exchanges: offered.map((one) => ({
        ...{ id: one, name: nameOfConnectable(one), isSimulated: isSimulated(one) },
      })),
      outgoingAddresses: [...outgoingAddresses],
      isHalted: await needs.isHalted(),
    }));

    const connect = {
      summary: "Connect an account: its key is tried at the exchange, and stored if it is harmless",
      body: exchangeAccountRequest,
      response: { 201: exchangeReading },
    };
    app.post("/", { schema: connect, config }, async (request, reply) => {
      const { user, body } = request;
      await confirmations.require(request);
      requireOffered(body.exchange);
      return reply.code(201).send(await intake.connect(user, body));
    });

    const one = {
      summary: "One account at an exchange",
      params,
      response: { 200: exchangeAccount },
    };
    app.get("/:accountId", { schema: one }, ({ user, params: { accountId } }) =>
      accounts.get(user.id, accountId),
    );

    const rename = {
      summary: "Give an account another label",
      ...{ params, body: exchangeAccountChange, response: { 200: exchangeAccount } },
    };
    app.patch("/:accountId", { schema: rename }, ({ user, params: { accountId }, body }) =>
      accounts.rename(user.id, accountId, body.label),
    );

    const replace = {
      summary: "Enter another key for an account; the one before is forgotten",
      ...{ params, body: keyReplacement, response: { 200: exchangeReading } },
    };
    app.put("/:accountId/key", { schema: replace, config }, async (request) => {
      const { user, body } = request;
      await confirmations.require(request);
      return intake.replaceKey(user, request.params.accountId, body);
    });

    const read = {
      summary: "Ask the exchange now: whether the key works, what it may do, and the balances",
      ...{ params, response: { 200: exchangeReading } },
    };
    app.post("/:accountId/reading", { schema: read, config }, ({ user, params: { accountId } }) =>
      readings.read(user.id, accountId),
    );

    const remove = {
      summary: "Forget an account and its key",
      params,
      response: { 204: z.null() },
    };
    app.delete("/:accountId", { schema: remove }, async (request, reply) => {
      await confirmations.require(request);
      await accounts.remove(request.user.id, request.params.accountId);
      return reply.code(204).send(null);
    });
  };
}
