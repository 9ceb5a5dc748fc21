import * as wire from "@pulumi/pulumi/proto/provider_pb";

import { pluginInfo, unary } from "./serve";

/** How a provider that has nothing to configure answers what the engine asks of it before any resource. */
export const configuration = (version: string) => ({
  getPluginInfo: pluginInfo(version),
  checkConfig: unary((request: wire.CheckRequest) => {
    const response = new wire.CheckResponse();
    response.setInputs(request.getNews());
    return response;
  }),
  diffConfig: unary(() => {
    const response = new wire.DiffResponse();
    response.setChanges(wire.DiffResponse.DiffChanges.DIFF_NONE);
    return response;
  }),
  configure: unary(() => {
    const response = new wire.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setAcceptresources(true);
    response.setSupportspreview(true);
    return response;
  }),
});
