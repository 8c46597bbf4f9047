// What Go makes of a request by its usual means, as a line of JSON in a file.
package main

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

type element struct {
	XMLName  xml.Name
	Text     string    `xml:",chardata"`
	Children []element `xml:",any"`
}

func tree(e element) []any {
	if len(e.Children) == 0 {
		return []any{e.XMLName.Local, e.Text}
	}
	children := []any{}
	for _, child := range e.Children {
		children = append(children, tree(child))
	}
	return []any{e.XMLName.Local, children}
}

func first(values map[string][]string) map[string]string {
	found := map[string]string{}
	for name, all := range values {
		found[name] = all[0]
	}
	return found
}

func main() {
	out, err := os.OpenFile(os.Getenv("ENDPOINT_LOG"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	var mutex sync.Mutex
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 100_000)
		kind := r.Header.Get("Content-Type")
		record := map[string]any{
			"id": r.Header.Get("Webhook-Id"), "method": r.Method, "query": first(r.URL.Query()),
			"form": map[string]string{}, "json": nil, "xml": nil, "apiKey": r.Header.Get("X-Api-Key"),
		}
		var problem error
		switch {
		case strings.Contains(kind, "form"):
			if problem = r.ParseForm(); problem == nil {
				record["form"] = first(r.PostForm)
			}
		case strings.Contains(kind, "json"):
			var value any
			problem = json.NewDecoder(r.Body).Decode(&value)
			record["json"] = value
		case strings.Contains(kind, "xml"):
			var root element
			problem = xml.NewDecoder(r.Body).Decode(&root)
			record["xml"] = tree(root)
		}
		if problem != nil {
			http.Error(w, problem.Error(), http.StatusRequestEntityTooLarge)
			return
		}
		_, port, _ := net.SplitHostPort(r.RemoteAddr)
		record["port"], _ = strconv.Atoi(port)
		line, _ := json.Marshal(record)
		mutex.Lock()
		_, _ = out.Write(append(line, '\n'))
		mutex.Unlock()
		_, _ = io.WriteString(w, "ok")
	})
	server := http.Server{Addr: "127.0.0.1:" + os.Getenv("ENDPOINT_PORT"), IdleTimeout: time.Second}
	panic(server.ListenAndServe())
}
