/** The page that stands in for a portal that was not built. */
export const notBuiltPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Hookwire: the portal is not built</title>
    <style>
      body { max-width: 36rem; margin: 4rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
      pre { padding: 0.75rem 1rem; border: 1px solid; border-radius: 0.25rem; overflow-x: auto; }
    </style>
  </head>
  <body>
    <h1>The portal is not built</h1>
    <p>The gateway runs and its API works; only the pages for the browser are missing. Run this in Hookwire's directory, then load this page again:</p>
    <pre>npm ci
npm run build:portal</pre>
    <p>The API is described at <a href="/docs">/docs</a>.</p>
  </body>
</html>
`;
