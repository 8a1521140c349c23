/** A region the contract can be held against. */
export interface ContractTarget {
  readonly authUrl: string;
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  readonly timings: Timings;
  /** A new project with one member, whose name and password are the project's. */
  project(name: string): Promise<void>;
  /** What is left out stays as it is. */
  control(settings: ContractSettings): Promise<void>;
  close(): Promise<void>;
}

export interface Timings {
  /** Between two looks. */
  readonly everyMs: number;
  /** The longest anything may take. */
  readonly withinMs: number;
  /** How long one may have to wait for an answer that is not going to come. */
  readonly silenceMs: number;
}

export interface ContractSettings {
  /** A backup's time in BUILDING. */
  readonly backupMs?: number;
  /** Instances whose backups end FAILED. */
  readonly fail?: readonly string[];
  /** Instances whose backups stay NEW. */
  readonly stuck?: readonly string[];
  readonly swiftDown?: boolean;
  readonly busDown?: boolean;
}
