import { once } from "node:events";
import { type AddressInfo, type Socket, connect, createServer } from "node:net";

/**
 * Prepares to hold a port at which nobody listens, so that the system gives it to nobody else: by a connection from it to
 * a listener of our own. Who connects to the port is still refused, and who gave it up can listen at it again.
 * @returns what takes the port as soon as it has been given up, and then returns what lets it go
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
