/** Marks the device, among others, that shows the page. */
export function ThisDevice() {
  return (
    <span className="ml-2 rounded-full bg-accent px-2.5 py-0.5 text-small font-medium whitespace-nowrap text-on-accent">
      This device
    </span>
  );
}
