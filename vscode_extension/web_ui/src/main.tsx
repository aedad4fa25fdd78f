import "@xyflow/react/dist/base.css";
import "./styles/theme.css";
import "./styles/app.css";
import "./styles/picture.css";
import { createRoot } from "react-dom/client";
import { load, loadView } from "./graph/load";
import { findHost } from "./host";
import { App } from "./ui/App";

const text = (id: string) => document.getElementById(id)?.textContent ?? "null";
const root = document.getElementById("app");
if (root) createRoot(root).render(<App loaded={load(text("pubsub-graph"))} wish={loadView(text("pubsub-view"))} host={findHost(window)} />);
