/** For `rabbitmqctl eval`: what the broker itself can do to the consumer of a queue, in Erlang. */
const onConsumer = (queue: string, deed: string): string =>
  `[begin {ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"/">>, queue, <<"${queue}">>)),
    [begin ${deed} end || {Channel, Tag, _, _, _, _, _, _} <- rabbit_amqqueue:consumers(Q)] end].`;

/** Closes its channel, as it does when a client broke the protocol. */
export const channelError = (queue: string): string =>
  onConsumer(queue, "rabbit_channel:do(Channel, {'basic.ack', 99999999, false}), Tag");

/** Tells the client that it is no longer subscribed, as when a queue's node goes away. */
export const cancelConsumer = (queue: string): string =>
  onConsumer(queue, "rabbit_channel:send_command(Channel, {'basic.cancel', Tag, true})");

export const crashChannel = (queue: string): string => onConsumer(queue, 'exit(Channel, kill), Tag');

export const crashQueue = (queue: string): string =>
  onConsumer(queue, 'exit(amqqueue:get_pid(Q), kill), {Channel, Tag}');
