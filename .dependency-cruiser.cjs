/** The direction of imports, as docs/architecture.md draws it. */
module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "engine-is-pure",
      severity: "error",
      from: { path: "^engine/src", pathNot: "\\.test\\.ts$" },
      to: { pathNot: "^engine/src" },
    },
    {
      name: "strategies-know-the-engine-only",
      severity: "error",
      from: { path: "^strategies/", pathNot: "\\.test\\.ts$" },
      to: { pathNot: "^(engine/src|strategies/)" },
    },
    {
      name: "contracts-import-nothing-of-ours",
      severity: "error",
      from: { path: "^contracts/src" },
      to: { path: "^(engine|backend|frontend|strategies)/" },
    },
    {
      name: "frontend-knows-contracts-and-engine",
      severity: "error",
      from: { path: "^frontend/src" },
      to: { path: "^(backend|strategies)/" },
    },
    {
      name: "platform-knows-no-slice",
      severity: "error",
      from: { path: "^backend/src/platform" },
      to: { path: "^backend/src/(?!platform/|config\\.ts$)" },
    },
    {
      name: "slices-share-types-only",
      severity: "error",
      // Foreign keys name the tables of other slices.
      from: {
        path: "^backend/src/(accounts|exchange-accounts|mail|telegram|market-data|strategies|backtests)/",
        pathNot: "(\\.test|/schema)\\.ts$",
      },
      to: {
        path: "^backend/src/(accounts|exchange-accounts|mail|telegram|market-data|strategies|backtests)/",
        pathNot: "^backend/src/$1/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "slices-do-not-know-the-operator",
      severity: "error",
      from: {
        path: "^backend/src/(accounts|exchange-accounts|mail|telegram|market-data|strategies|backtests|exchanges)/",
      },
      to: { path: "^backend/src/admin/" },
    },
    {
      name: "slices-do-not-know-wiring",
      severity: "error",
      from: {
        path: "^backend/src/(accounts|exchange-accounts|mail|telegram|market-data|strategies|backtests|exchanges)/",
      },
      to: { path: "^backend/src/(wiring|web|worker|start|cli)" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(node_modules|dist)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "backend/tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".tsx", ".mjs", ".js"],
    },
  },
};
