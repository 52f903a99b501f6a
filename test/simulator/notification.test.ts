import { memoryNotification } from "../../simulator/notification.ts";
import { keepsContract } from "../hal/contract.ts";
import { notificationContract } from "../hal/notification.contract.ts";

keepsContract(
  "memoryNotification",
  notificationContract((calls) => {
    const notification = memoryNotification();
    for (const call of calls) {
      if (call[0] === "status") notification.status(call[1]);
      else notification[call[0]]();
    }
    return Promise.resolve(notification.received);
  }),
);
