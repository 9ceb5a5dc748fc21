/** A reason why there is no engine that the user can do something about; printed without a stack trace. */
export class EngineUnavailable extends Error {
  override readonly name = "EngineUnavailable";
}
