/** A region the contract can be held against. */
export interface ContractTarget {
  readonly authUrl: string;
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  readonly timings: Timings;
  /** A new project with one member, whose name and password are the project's. */
  project(name: string): Promise<void>;
  /** What is left out stays as it is. */
  control(settings: ContractSettings): Promise<void>;
  /** What the bus says from now on: raw oslo.messaging bodies. */
  hear(listener: (body: string) => void): Promise<void>;
  /** The datastore is, as Trove has it from the guest, until it is told otherwise. */
  service(instanceId: string, status: 'RESTARTING' | 'HEALTHY'): Promise<void>;
  /** A backup of the project that was registered from another region. Gives its id. */
  restored(projectId: string, name: string): Promise<string>;
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
  readonly taskManagerDown?: boolean;
  /** Swift answers, but keeps its objects. */
  readonly swiftLost?: boolean;
  readonly novaDown?: boolean;
  /** Instances whose guests are silent, and have been for long. */
  readonly silent?: readonly string[];
  /** Instances whose row of the guest's status is missing. */
  readonly withoutService?: readonly string[];
  /** Instances whose datastore has settings that a restart alone takes over. */
  readonly restartRequired?: readonly string[];
  /** Instances that are members of a cluster. */
  readonly clustered?: readonly string[];
}
