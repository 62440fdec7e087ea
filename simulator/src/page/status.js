/** The simulator's status page: asks for the state once a second and shows it. */
const element = (id) => document.getElementById(id);
// A link may bring the token behind #; what is there is never sent to a server, and taken off the address.
if (location.hash.length > 1) {
  sessionStorage.setItem("token", location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
let token = sessionStorage.getItem("token") ?? "";

element("access").addEventListener("submit", (event) => {
  event.preventDefault();
  token = element("token").value.trim();
  sessionStorage.setItem("token", token);
  void refresh();
});

async function refresh() {
  if (token === "") return;
  const response = await fetch("simulator/state", {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) {
    element("clock").textContent =
      response.status === 401 ? "This token is wrong." : `Error ${response.status}`;
    return;
  }
  show(await response.json());
}

function show(state) {
  element("access").hidden = true;
  element("clock").textContent =
    `Exchange time ${new Date(state.now).toISOString().replace("T", " ").slice(0, 19)} UTC`;
  fill(
    "markets",
    ["Market", "State", "Last price", "Trades"],
    state.markets.map((m) => [m.name, m.status, m.last, m.trades]),
  );
  showBook(state.markets);
  const balances = state.accounts.flatMap((a) =>
    a.balances.map((b) => [`${a.id} ${a.name}`, b.asset, b.free, b.locked]),
  );
  fill("accounts", ["Account", "Asset", "Free", "Locked"], balances);
  const orders = state.accounts.flatMap((a) =>
    a.orders.map((o) => [
      a.id,
      o.market,
      o.side,
      o.type,
      o.price,
      o.origQty,
      o.executedQty,
      o.clientOrderId,
    ]),
  );
  fill(
    "orders",
    ["Account", "Market", "Side", "Type", "Price", "Quantity", "Executed", "Client id"],
    orders,
  );
  const faults = state.faults.map((f) => [
    f.id,
    JSON.stringify(f.effect),
    Object.entries(f.when)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ") || "always",
    f.probability,
    f.struck,
    f.left ?? "no limit",
  ]);
  fill("faults", ["Id", "Effect", "When", "Chance", "Struck", "Left"], faults);
  element("ledger-title").textContent = `Ledger (${state.ledger.count} lines)`;
  const lines = state.ledger.latest.map(({ n, at, kind, ...rest }) => [
    n,
    new Date(at).toISOString().slice(11, 23),
    kind,
    JSON.stringify(rest),
  ]);
  fill("ledger", ["Line", "Time", "Kind", "What"], lines);
}

function showBook(markets) {
  const select = element("symbol");
  if (select.options.length !== markets.length) {
    select.replaceChildren(...markets.map((m) => new Option(m.name, m.name)));
  }
  const market = markets.find((m) => m.name === select.value) ?? markets[0];
  if (market === undefined) return;
  const asks = market.book.asks.map(([price, quantity]) => ["ask", price, quantity]).reverse();
  const bids = market.book.bids.map(([price, quantity]) => ["bid", price, quantity]);
  fill("book", ["Side", "Price", "Quantity"], [...asks, ...bids]);
  for (const row of element("book").tBodies[0].rows) row.className = row.cells[0].textContent;
}

function fill(id, titles, rows) {
  const head = document.createElement("thead");
  head.append(line("th", titles));
  const [first = []] = rows;
  for (const [index, cell] of [...head.rows[0].cells].entries())
    cell.className = kindOf(first[index]);
  const body = document.createElement("tbody");
  body.append(...(rows.length > 0 ? shortened(rows) : [["None."]]).map((row) => line("td", row)));
  element(id).replaceChildren(head, body);
}

const kindOf = (cell) => (/^-?[0-9.]+$/.test(String(cell)) ? "number" : "");

/** As many decimals in a column as its most precise number needs. */
function shortened(rows) {
  const needed = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      const [, places = ""] = /\.(\d*?)0*$/.exec(kindOf(cell) && String(cell)) ?? [];
      needed[column] = Math.max(needed[column] ?? 0, places.length);
    }
  }
  return rows.map((row) =>
    row.map((cell, column) => {
      const [, whole, places] = /^(-?\d+)\.(\d+)$/.exec(String(cell)) ?? [];
      if (places === undefined) return cell;
      return needed[column] === 0 ? whole : `${whole}.${places.slice(0, needed[column])}`;
    }),
  );
}

function line(tag, cells) {
  const row = document.createElement("tr");
  for (const cell of cells) {
    const one = document.createElement(tag);
    one.textContent = String(cell);
    if (tag === "td") one.className = kindOf(cell);
    row.append(one);
  }
  return row;
}

setInterval(
  () =>
    void refresh().catch(() => {
      element("clock").textContent = "The simulator does not answer.";
    }),
  1000,
);
void refresh();
