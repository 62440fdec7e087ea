import {
  type AnchorHTMLAttributes,
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from "react";
import { type Address, hrefOf, paramsOf, readAddress, searchText } from "./address.ts";
import type { Params, Place, Places, Target } from "./places.ts";

/**
 * Which page the address means, in the few lines that hash addresses need. (A router from a package cost 26 kB of the
 * 130 kB that the first page may have.)
 */
const changed = "address-changed";
const Where = createContext<Address>({ path: "/", search: {} });

type AddressProps = Readonly<{
  children: ReactNode;
  /** Fetches what the page at a path needs before it can be shown; never rejects. */
  prepare: (path: string) => Promise<void>;
}>;

/** Follows the address. A change of page waits for its code while the old page stays; a change within one is at once. */
export function AddressProvider({ children, prepare }: AddressProps) {
  const [before] = useState(() => location.hash);
  const [address, setAddress] = useState(() => readAddress(before));
  useEffect(() => {
    let seen = before;
    const look = () => {
      // A link raises two events; the second brings nothing new.
      if (location.hash === seen) return;
      const next = readAddress(location.hash);
      const isSamePage = next.path === readAddress(seen).path;
      seen = location.hash;
      if (isSamePage) return setAddress(next);
      const wanted = seen;
      // Waited for here and not by Suspense, which shows nothing for 300 ms once it has shown nothing at all.
      void prepare(next.path).then(() => seen === wanted && setAddress(next));
    };
    const names = ["popstate", "hashchange", changed];
    for (const name of names) addEventListener(name, look);
    // An address that changed before anybody listened would be missed.
    look();
    return () => {
      for (const name of names) removeEventListener(name, look);
    };
  }, [before, prepare]);
  return <Where value={address}>{children}</Where>;
}

export const useAddress = (): Address => useContext(Where);

/** Goes to an address of ours, such as `#/data?q=btc`. */
export function goTo(href: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, "", href);
  else history.pushState(null, "", href);
  dispatchEvent(new Event(changed));
}

/** Goes to a place. */
export const navigate = (target: Target & Readonly<{ replace?: boolean }>): void =>
  goTo(hrefOf(target), target);

type SearchChange<P extends Place> = Readonly<{
  search: Places[P] | ((old: Places[P]) => Places[P]);
  replace?: boolean;
}>;

/** What one page knows of its address: `read` takes what is valid from an address that anybody may have typed. */
export function pageAddress<P extends Place>(
  place: P,
  read: (search: Readonly<Record<string, unknown>>) => Places[P],
) {
  return {
    useSearch(): Places[P] {
      const { search } = useAddress();
      return useMemo(() => read(search), [search, read]);
    },
    useParams(): Params<P> {
      const { path } = useAddress();
      return useMemo(() => (paramsOf(place, path) ?? {}) as Params<P>, [path, place]);
    },
    /** Changes what the address says within the page. */
    useSetSearch(): (change: SearchChange<P>) => void {
      return useCallback(
        ({ search, replace = false }: SearchChange<P>) => {
          const now = readAddress(location.hash);
          const next = typeof search === "function" ? search(read(now.search)) : search;
          goTo(`#${now.path}${searchText(next)}`, { replace });
        },
        [read],
      );
    },
  };
}

/** Whether an address lies in a place or below it. */
export const isWithin = (place: Place, path: string): boolean =>
  path === place || (place !== "/" && path.startsWith(`${place}/`));

type LinkProps = Target &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href"> &
  Readonly<{ disabled?: boolean }>;

/** A link to a place; on the way to being pressed its page's code is fetched. */
export function Link({ disabled = false, ...props }: LinkProps) {
  const { to, search, params, ...rest } = props as LinkProps & { params?: unknown };
  const { path } = useAddress();
  const load = useContext(Preload);
  const href = hrefOf({ to, search, params } as Target);
  const preload = () => load(readAddress(href).path);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it is a link; what it does on hover is only to fetch ahead.
    <a
      {...rest}
      {...(disabled ? { "aria-disabled": true, role: "link" } : { href })}
      aria-current={isWithin(to, path) ? "page" : undefined}
      onPointerEnter={preload}
      onFocus={preload}
    />
  );
}

/** Fetches the code of the page at a path; set once, by the table of pages. */
export const Preload = createContext<(path: string) => unknown>(() => undefined);
