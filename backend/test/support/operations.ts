/** What the OpenAPI document lists, as tests go through it. */

export type Schema = Readonly<{
  $ref?: string;
  type?: string;
  format?: string;
  properties?: Readonly<Record<string, Schema>>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
}>;
type Described = Readonly<{
  "x-permission"?: string;
  parameters?: readonly Readonly<{ in: string; name: string; schema: Schema }>[];
  requestBody?: { content: Readonly<Record<string, { schema: Schema }>> };
}>;
export type Operation = Readonly<{
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  path: string;
  name: string;
  permission: string;
  /** Of the JSON body, where it has one. */
  body: Schema | undefined;
  query: Readonly<Record<string, Schema>>;
}>;

/** Every operation of the document's paths. */
export const operationsOf = (
  paths: Readonly<Record<string, Record<string, Described>>>,
): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([one, described]) => {
      const method = one.toUpperCase() as Operation["method"];
      const short = path.replace("/api/v1", "");
      return {
        method,
        path: short,
        name: `${method} ${short}`,
        permission: described["x-permission"] ?? "none",
        body: described.requestBody?.content["application/json"]?.schema,
        query: Object.fromEntries(
          (described.parameters ?? [])
            .filter((parameter) => parameter.in === "query")
            .map(({ name, schema }) => [`?${name}`, schema]),
        ),
      };
    }),
  );
