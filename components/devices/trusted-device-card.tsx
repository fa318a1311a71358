import { ConfirmButton } from "@/components/ui/confirm-button.tsx";
import { Day, Moment } from "@/components/ui/moment.tsx";
import { instant } from "@/lib/base/clock.ts";
import { deviceLabel } from "@/lib/contract/device-label.ts";
import type { PublicTrustedDevice } from "@/lib/contract/two-factor.ts";
import { DeviceIcon } from "./device-icon.tsx";
import { ThisDevice } from "./this-device.tsx";

type Props = {
  device: PublicTrustedDevice;
  /** Whether it is the device that shows this page. */
  current: boolean;
  now: Date;
};

/** One device that may skip the code, and the way to make it ask again. */
export function TrustedDeviceCard({ device, current, now }: Props) {
  const kind = deviceLabel(device);
  return (
    <li className="flex flex-wrap items-start gap-4 rounded-xl border border-line bg-surface p-5">
      <DeviceIcon device={device.device} />
      <div className="min-w-0 flex-1 basis-48 space-y-1">
        <h3 className="font-semibold break-words">
          {kind}
          {current && <ThisDevice />}
        </h3>
        <p className="text-small text-quiet">
          Last used <Moment at={instant(device.last_used_at)} now={now} /> · trusted until{" "}
          <Day at={instant(device.expires_at)} now={now} />
        </p>
      </div>
      <ConfirmButton
        label="Forget"
        description={`Forget ${current ? "this device, " : ""}${kind}`}
        title={`Stop trusting ${kind}?`}
        text="Its next log-in will ask for a code. It stays logged in."
        busy="Forgetting …"
        method="DELETE"
        path={`/api/trusted-devices/${device.id}`}
      />
    </li>
  );
}
