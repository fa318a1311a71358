"use client";

import { TryAgain } from "@/components/frames/try-again.tsx";

export default TryAgain;
