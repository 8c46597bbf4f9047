"""What Flask makes of a request by its usual means."""
from flask import Flask, request

from record import keep, parsed

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 100_000


@app.route("/report", methods=["GET", "POST"])
def report():
    kind = request.content_type or ""
    form = request.form.to_dict()
    keep(
        id=request.headers.get("Webhook-Id", ""),
        method=request.method,
        query=request.args.to_dict(),
        form=form,
        apiKey=request.headers.get("X-Api-Key"),
        port=int(request.environ.get("REMOTE_PORT") or 0),
        **parsed(kind, request.get_data()),
    )
    return "ok"
