/** One action the host took after files changed. */
export interface ReceiptAction {
  id: string;
  status: string;
}

/** One check of effective state. */
export interface ReceiptProbe {
  id: string;
  /** Absent: it cannot be seen on this host, such as the kernel's settings from inside a container. */
  ok?: boolean;
}

/** What the host reports about the configuration that is live on it. Holds no secrets. */
export interface HostReceipt {
  /** Name of the configuration. */
  generation: string;
  /** sha256 of the bundle, in hex. */
  bundle: string;
  /** `confirmed`, or `armed` while nobody has confirmed yet. */
  state: string;
  /** Paths that were changed by its activation. */
  changed: string[];
  actions: ReceiptAction[];
  probes: ReceiptProbe[];
  /** What was found changed on the machine, since its last activation, by the one that repaired it; one line each. */
  drift: string[];
  /** The configuration before it; absent for the first. */
  previous?: string;
  /** Certificate, in PEM, of the CA that phones have to be told to trust: the private one made on the host, or those of `tls.acme.ca`; absent when none is needed. */
  caCertificate?: string;
  /** When it was activated; ISO 8601, UTC. */
  at: string;
}
