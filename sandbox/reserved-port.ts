import { once } from "node:events";
import { type AddressInfo, type Socket, connect, createServer } from "node:net";

/**
 * Reserves a port that nobody listens on, so that the system gives it to no other process. It does so with a connection
 * from that port to a listener of our own. Clients that connect to the port are still refused, and its former owner can
 * listen on it again.
 * @returns a function that takes the port once it is free, and returns a function that releases it
 */
export async function preparePortReservation(host: string): Promise<(port: number) => Promise<() => void>> {
  const anchor = createServer();
  anchor.listen({ host, port: 0 });
  await once(anchor, "listening");
  return async (port) => {
    const accepted = once(anchor, "connection") as Promise<[Socket]>;
    const { port: anchorPort } = anchor.address() as AddressInfo;
    const holder = connect({ host, port: anchorPort, localAddress: host, localPort: port });
    const [[other]] = await Promise.all([accepted, once(holder, "connect")]);
    anchor.close();
    return () => {
      holder.destroy();
      other.destroy();
    };
  };
}
