"use client";

import { TryAgain } from "@/components/try-again.tsx";

export default TryAgain;
