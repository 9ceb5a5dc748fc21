// Says at exit how many files of @pulumi the process had loaded.
import Module from "node:module";

process.on("exit", () => {
  const loaded = Object.keys(Module._cache).filter((file) => file.includes("/node_modules/@pulumi/"));
  process.stderr.write(`loaded from @pulumi: ${loaded.length}\n`);
});
