import { place } from "../core/trading.ts";
import { cancelNow, checkRestrictions, findOpen, responseKind } from "./open-orders.ts";
import { type Call, owner, requiredMarket } from "./operation.ts";
import { readOrder } from "./order-request.ts";
import { Problem, refused } from "./problem.ts";
import { newOrderView } from "./views.ts";

const modes = ["STOP_ON_FAILURE", "ALLOW_FAILURE"] as const;
const exceededModes = ["DO_NOTHING", "CANCEL_ONLY"] as const;

type Half = Readonly<{ result: string; response: unknown }>;

/** Cancels one order and places another; each half may fail alone. */
export function replaceOrder(call: Call): unknown {
  const { venue, parameters } = call;
  const account = owner(call);
  const market = requiredMarket(call);
  const request = readOrder(venue.core, market, parameters);
  parameters.required("cancelReplaceMode");
  const complaint = (name: string) => (): Problem =>
    new Problem(-1130, `Data sent for parameter '${name}' is not valid.`);
  const mode = parameters.choice("cancelReplaceMode", modes, complaint("cancelReplaceMode"));
  const exceeded = parameters.choice(
    "orderRateLimitExceededMode",
    exceededModes,
    complaint("orderRateLimitExceededMode"),
  );
  let tooMany: Problem | null = null;
  try {
    venue.limits.countOrders(account, 1);
  } catch (problem) {
    if (!(problem instanceof Problem) || exceeded !== "CANCEL_ONLY") throw problem;
    tooMany = problem;
  }
  const canceled = attempt(() => {
    const order = findOpen(call, market, {
      id: "cancelOrderId",
      clientId: "cancelOrigClientOrderId",
    });
    checkRestrictions(call, order);
    return cancelNow(call, order, parameters.clientId("cancelNewClientOrderId"));
  });
  if (canceled.result === "FAILURE" && (mode === "STOP_ON_FAILURE" || tooMany !== null)) {
    throw halves(
      canceled,
      { result: "NOT_ATTEMPTED", response: null },
      tooMany === null ? 400 : 429,
    );
  }
  const placed = attempt(() => {
    if (tooMany !== null) throw tooMany;
    const answer = place(venue.core, account, market, request);
    if (answer.kind === "refused") throw refused(answer.reason);
    return newOrderView(answer.order, responseKind(call, request.type), answer.fills);
  });
  const view = viewOf(canceled, placed);
  if (canceled.result === placed.result && placed.result === "SUCCESS") return view;
  throw halves(canceled, placed, tooMany === null ? 409 : 429);
}

function attempt(act: () => unknown): Half {
  try {
    return { result: "SUCCESS", response: act() };
  } catch (problem) {
    if (problem instanceof Problem) return { result: "FAILURE", response: problem.body() };
    throw problem;
  }
}

const viewOf = (canceled: Half, placed: Half): unknown => ({
  cancelResult: canceled.result,
  newOrderResult: placed.result,
  cancelResponse: canceled.response,
  newOrderResponse: placed.response,
});

function halves(canceled: Half, placed: Half, status: number): Problem {
  const data = viewOf(canceled, placed);
  return canceled.result === "SUCCESS" || placed.result === "SUCCESS"
    ? new Problem(-2021, "Order cancel-replace partially failed.", status, { data })
    : new Problem(-2022, "Order cancel-replace failed.", status === 409 ? 400 : status, { data });
}
