import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const here = import.meta.dirname;

/**
 * `js/config.js` is the operator's file: it is copied byte for byte and never bundled, so that it can be edited on a
 * web server. The sentence for people who open the raw source is taken out of what is served.
 */
const deploymentFiles = (): Plugin => ({
  name: "deployment-files",
  transformIndexHtml: {
    order: "pre",
    handler: (html) =>
      html
        .replace(/<!-- unbuilt -->.*?<!-- \/unbuilt -->/s, "")
        .replaceAll(/<script (src="[./]*js\/config\.js")/g, "<script vite-ignore $1"),
  },
  generateBundle() {
    this.emitFile({
      type: "asset",
      fileName: "js/config.js",
      source: readFileSync(resolve(here, "js/config.js")),
    });
  },
});

/** Vite leaves a second space where it took its own attribute away; the head stays as the guide shows it. */
const tidyHead = (): Plugin => ({
  name: "tidy-head",
  transformIndexHtml: {
    order: "post",
    handler: (html) => html.replaceAll("<script  ", "<script "),
  },
});

const names = {
  entryFileNames: "assets/[name]-[hash].js",
  chunkFileNames: "assets/[name]-[hash].js",
  assetFileNames: "assets/[name]-[hash][extname]",
};

/** Parts of ui and api that come with the first page that needs them. */
const onSomePages = [
  ...["back-link", "chart", "country", "coverage-bar", "dialog", "page", "passkeys", "plain-table"],
  ...["account-queries", "data-queries", "market-queries", "save-text", "setting-words"],
  ...["form-dialog", "hidden-field", "side-panel", "sparkline", "upload", "use-chart-theme"],
];

/** What every page needs, in two files instead of twenty: fewer requests, and 3 kB less when compressed. */
const codeSplitting = {
  groups: [
    {
      name: "base",
      test: /node_modules.(react|react-dom|scheduler|@tanstack.(?!.*nfiniteQuery(Observer)?\.js))/,
    },
    { name: "ui", test: new RegExp(`frontend.src.(ui|api|router).(?!${onSomePages.join("|")})`) },
  ],
};

export default defineConfig({
  root: here,
  base: "./",
  plugins: [react(), tailwind(), deploymentFiles(), tidyHead()],
  build: {
    outDir: resolve(here, "dist"),
    emptyOutDir: true,
    target: "es2023",
    // Every browser of that age preloads modules by itself.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Operators have a page of their own: its code is in no file that other pages ask for.
      input: {
        index: resolve(here, "index.html"),
        operator: resolve(here, "admin/index.html"),
      },
      output: { ...names, codeSplitting },
    },
  },
  // The web process gives files with "worker" in their name a policy of their own.
  worker: { format: "es", rolldownOptions: { output: names } },
  server: { host: "127.0.0.1", proxy: { "/api": "http://localhost:8000" } },
});
