import { render } from "preact";
import { Announcements } from "./announcements.tsx";
import { Banner } from "./banner.tsx";
import { Composer } from "./composer.tsx";
import { Ended, Stranger } from "./closed.tsx";
import { Header } from "./header.tsx";
import { listenToKeys } from "./keys.ts";
import { enter } from "./link.ts";
import { Messages } from "./messages.tsx";
import { notifyOfNews } from "./notify.ts";
import { People } from "./people.tsx";
import { keepReadMarks } from "./read_marks.ts";
import { SearchPanel } from "./search.tsx";
import { Settings } from "./settings.tsx";
import { Sidebar } from "./sidebar.tsx";
import { SignIn } from "./sign_in.tsx";
import { chat, drawer, link, search, selected, words } from "./store.ts";
import { keepTitle } from "./title.ts";
import { dropFiles } from "./drop.ts";
import { Transfers } from "./transfers.tsx";
import { VerifyPanel } from "./verify.tsx";

function App() {
  if (link.value === "stranger") return <Stranger />;
  if (link.value === "ended") return <Ended />;
  if (chat.value.question !== null) return <SignIn question={chat.value.question} />;
  const conversation = chat.value.conversations[selected.value];
  return (
    <div class="app" data-drawer={drawer.value ?? "none"}>
      <Sidebar />
      <main
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          if (conversation !== undefined) dropFiles(event.dataTransfer?.files ?? [], conversation.to);
        }}
      >
        <Banner />
        {conversation === undefined
          ? (
            <div class="empty">
              <h1>chat</h1>
              <p>Nothing to show yet: join a room, or whisper to somebody.</p>
            </div>
          )
          : (
            <>
              <Header conversation={conversation} />
              {words.value === null ? null : <VerifyPanel shown={words.value} />}
              {search.value === null ? null : <SearchPanel query={search.value} />}
              <Messages key={conversation.to} conversation={conversation} />
              <Transfers to={conversation.to} />
              <Composer key={`${conversation.to} composer`} conversation={conversation} />
            </>
          )}
      </main>
      <div class="veil" onClick={() => drawer.value = null} />
      {conversation?.to.startsWith("#") ? <People conversation={conversation} /> : null}
      <Settings conversation={conversation} />
      <Announcements />
    </div>
  );
}

listenToKeys();
keepTitle();
keepReadMarks();
notifyOfNews();
render(<App />, document.body);
enter().catch(() => {
  link.value = "lost";
});
