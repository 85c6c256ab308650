"""Requests whose end two readers may see at two places: the forms of the public lists of request smuggling (Watchfire 2005;
Kettle's HTTP desync attacks, CL.TE, TE.CL, TE.TE; the T-Reqs and http-garden corpora; chunk extensions and terminators, 2025).

Each is sent with a second request behind it or in its body. `R`: it is refused, and its connection ends. `1`: one request is
read, and the second is part of it or thrown away. `2`: both are read. A form that may be read in more than one way without
harm names them all; then it must still be read alike however it is cut into packets.
"""

SECOND = "GET {second} HTTP/1.1\r\nHost: m\r\n\r\n"


def post(fields, body="", line="POST {first} HTTP/1.1"):
    return f"{line}\r\nHost: m\r\nAuthorization: Bearer vm_a\r\nContent-Type: application/json\r\n{fields}\r\n{body}"


def get(fields="", line="GET {first} HTTP/1.1", host="Host: m\r\n"):
    return f"{line}\r\n{host}Authorization: Bearer vm_a\r\n{fields}\r\n"


def lengths():
    """Lengths that are stated twice, oddly, or not at all. The body is 2 bytes long."""
    for name, stated, outcomes in [
        ("plain", "2", "2"),
        ("zeros", "002", "2R"),
        ("blanks around", "  2\t ", "2R"),
        ("a list of the same", "2, 2", "R"),
        ("a list", "2, 60", "R"),
        ("plus", "+2", "R"),
        ("minus", "-2", "R"),
        ("hexadecimal", "0x2", "R"),
        ("with a blank inside", "2 2", "R"),
        ("with a semicolon", "2;", "R"),
        ("with a point", "2.0", "R"),
        ("with an exponent", "2e0", "R"),
        ("underscored", "2_0", "R"),
        ("empty", "", "R"),
        ("words", "two", "R"),
        ("of 64 bits and 2", "18446744073709551618", "R"),
        ("of 32 bits and 2", "4294967298", "R"),
        ("in full-width digits", "\uff12", "R"),
        ("with a vertical tab", "\x0b2", "R"),
        ("with a NUL", "2\x00", "R"),
        ("folded", "\r\n 2", "R"),
    ]:
        yield f"a length, {name}", post(f"Content-Length: {stated}\r\n", "{{}}" + SECOND), outcomes
    twice = "Content-Length: 2\r\nContent-Length: {}\r\n"
    yield "two lengths that agree", post(twice.format(2), "{{}}" + SECOND), "R"
    yield "two lengths", post(twice.format(60), "{{}}" + SECOND), "R"
    yield "two lengths, the larger first", post("Content-Length: 60\r\nContent-Length: 2\r\n", "{{}}" + SECOND), "R"
    for name, field in [
        ("a blank before the colon", "Content-Length : 2"),
        ("a tab before the colon", "Content-Length\t: 2"),
        ("a blank before the name", " Content-Length: 2"),
        ("a tab before the name", "\tContent-Length: 2"),
        ("a NUL in the name", "Content\x00-Length: 2"),
        ("a line break before the colon", "Content-Length\r\n: 2"),
        ("a control character in the name", "Content-Length\x01: 2"),
        ("no colon", "Content-Length 2"),
    ]:
        yield f"a length, {name}", post(f"{field}\r\n", "{{}}" + SECOND), "R"
    yield "a length behind a bare CR", post("X: a\rContent-Length: 2\r\n", "{{}}" + SECOND), "R"
    yield "a length behind a bare LF", post("X: a\nContent-Length: 2\r\n", "{{}}" + SECOND), "2R"
    yield "a GET with a length", get("Content-Length: 2\r\n") + "{{}}" + SECOND, "2R"
    yield "a GET with a length that spans the next", get("Content-Length: 999\r\n") + SECOND, "1R"


def encodings():
    """A length beside an encoding, and encodings that are no `chunked`."""
    whole = "0\r\n\r\n" + SECOND
    yield "CL.TE", post("Content-Length: 60\r\nTransfer-Encoding: chunked\r\n", whole), "R"
    yield "TE.CL", post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "2\r\n{{}}\r\n" + whole), "R"
    yield "TE.0", post("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", "2\r\n{{}}\r\n" + whole), "R"
    yield "CL.0", post("Content-Length: 0\r\n", SECOND), "2"
    for name, field in [
        ("another", "Transfer-Encoding: xchunked"),
        ("a blank before the colon", "Transfer-Encoding : chunked"),
        ("a tab before the colon", "Transfer-Encoding\t: chunked"),
        ("a blank before the name", " Transfer-Encoding: chunked"),
        ("twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        ("twice, then identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"),
        ("twice, first another", "Transfer-Encoding: x\r\nTransfer-Encoding: chunked"),
        ("a list", "Transfer-Encoding: gzip, chunked"),
        ("a list that ends otherwise", "Transfer-Encoding: chunked, identity"),
        ("a list of the same", "Transfer-Encoding: chunked, chunked"),
        ("quoted", 'Transfer-Encoding: "chunked"'),
        ("single quotes", "Transfer-Encoding: 'chunked'"),
        ("with a parameter", "Transfer-Encoding: chunked;q=1"),
        ("with a comma", "Transfer-Encoding: chunked,"),
        ("with a comma before", "Transfer-Encoding: ,chunked"),
        ("with a vertical tab", "Transfer-Encoding: \x0bchunked"),
        ("with a form feed", "Transfer-Encoding: chunked\x0c"),
        ("with a NUL", "Transfer-Encoding: chunk\x00ed"),
        ("with a NUL behind", "Transfer-Encoding: chunked\x00"),
        ("with a high byte", "Transfer-Encoding: \xa0chunked"),
        ("folded", "Transfer-Encoding:\r\n chunked"),
        ("folded behind another", "Transfer-Encoding: x\r\n chunked"),
        ("behind a bare CR", "X: a\rTransfer-Encoding: chunked"),
        ("empty", "Transfer-Encoding:"),
        ("of two words", "Transfer-Encoding: chunked identity"),
        ("cut", "Transfer-Encoding: chunke"),
        ("a line break before the colon", "Transfer-Encoding\r\n: chunked"),
    ]:
        # With a length beside it, and without: neither reader may win.
        yield f"an encoding, {name}, with a length", post(f"Content-Length: 5\r\n{field}\r\n", whole), "R"
        yield f"an encoding, {name}", post(f"{field}\r\n", whole), "R"
    yield "identity", post("Transfer-Encoding: identity\r\nContent-Length: 2\r\n", "{{}}" + SECOND), "2R"
    yield "an encoding behind a bare LF", post("X: a\nTransfer-Encoding: chunked\r\n", whole), "2R"
    yield "an encoding in capitals", post("TRANSFER-ENCODING: CHUNKED\r\n", whole), "2R"
    yield "an encoding in blanks", post("Transfer-Encoding: \t chunked \t\r\n", whole), "2R"
    old = "POST {first} HTTP/1.0"
    yield "chunks in HTTP/1.0", post("Transfer-Encoding: chunked\r\n", whole, old), "1R"
    yield "chunks and a length in HTTP/1.0", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", whole, old), "1R"
    yield "a GET in chunks", get("Transfer-Encoding: chunked\r\n") + whole, "2R"


def chunks():
    """Chunks whose sizes or ends two readers may see otherwise."""
    for name, body, outcomes in [
        ("plain", "2\r\n{{}}\r\n0\r\n\r\n", "2"),
        ("an extension", "2;a=b\r\n{{}}\r\n0\r\n\r\n", "2R"),
        ("a quoted extension", '2;a="b;c"\r\n{{}}\r\n0;x\r\n\r\n', "2R"),
        ("blanks behind the size", "2 \t\r\n{{}}\r\n0\r\n\r\n", "2R"),
        ("zeros before the size", "0002\r\n{{}}\r\n0000\r\n\r\n", "2R"),
        ("trailers", "2\r\n{{}}\r\n0\r\nX: y\r\n\r\n", "2R"),
        ("trailers that frame", "2\r\n{{}}\r\n0\r\nContent-Length: 60\r\nTransfer-Encoding: chunked\r\n\r\n", "2R"),
        ("an extension with a bare LF", "2;\n{{}}\r\n0\r\n\r\n", "R"),
        ("an extension with a bare LF and a size", "2;\nxx\r\n{{}}\r\n0\r\n\r\n", "R"),
        ("an extension with a bare CR", "2;a\rb\r\n{{}}\r\n0\r\n\r\n", "R"),
        ("an extension with a NUL", "2;\x00\r\n{{}}\r\n0\r\n\r\n", "R"),
        ("a size that ends with a bare LF", "2\n{{}}\r\n0\r\n\r\n", "R"),
        ("a size that ends with a bare CR", "2\r{{}}\r\n0\r\n\r\n", "R"),
        ("data that ends with a bare LF", "2\r\n{{}}\n0\r\n\r\n", "R"),
        ("data that ends with a bare CR", "2\r\n{{}}\r0\r\n\r\n", "R"),
        ("data that does not end", "2\r\n{{}}0\r\n\r\n", "R"),
        ("data that is too long", "2\r\n{{}}xx\r\n0\r\n\r\n", "R"),
        ("two other bytes behind data", "2\r\n{{}}XX0\r\n\r\n", "R"),
        ("a last chunk that ends with LF", "2\r\n{{}}\r\n0\n\r\n", "R"),
        ("a last chunk that ends with LF twice", "2\r\n{{}}\r\n0\n\n", "R"),
        ("an end of LF", "2\r\n{{}}\r\n0\r\n\n", "1R"),
        ("trailers that end with LF", "2\r\n{{}}\r\n0\r\nX: y\n\n", "1R"),
        ("hexadecimal with its prefix", "0x2\r\n{{}}\r\n0\r\n\r\n", "R"),
        ("plus", "+2\r\n{{}}\r\n0\r\n\r\n", "R"),
        ("minus", "-2\r\n{{}}\r\n0\r\n\r\n", "R"),
        ("a blank before", " 2\r\n{{}}\r\n0\r\n\r\n", "R"),
        ("a blank inside", "0 2\r\n{{}}\r\n0\r\n\r\n", "R"),
        ("underscored", "0_2\r\n{{}}\r\n0\r\n\r\n", "R"),
        ("64 bits and 2", "10000000000000002\r\n{{}}\r\n0\r\n\r\n", "R"),
        ("all that 64 bits hold", "ffffffffffffffff\r\n{{}}\r\n0\r\n\r\n", "R"),
        ("a great many digits", "0" * 40 + "f" * 40 + "\r\n{{}}\r\n0\r\n\r\n", "R"),
        ("32 bits and 2", "100000002\r\n{{}}\r\n0\r\n\r\n", "R"),
        ("no size", "\r\n{{}}\r\n0\r\n\r\n", "R"),
        ("an extension alone", ";a\r\n{{}}\r\n0\r\n\r\n", "R"),
        ("no digit", "g\r\n{{}}\r\n0\r\n\r\n", "R"),
        ("a high byte", "\xb2\r\n{{}}\r\n0\r\n\r\n", "R"),
        ("a NUL", "2\x00\r\n{{}}\r\n0\r\n\r\n", "R"),
    ]:
        yield f"chunks, {name}", post("Transfer-Encoding: chunked\r\n", body + SECOND), outcomes
    inside = "{size:x}\r\n" + SECOND + "\r\n0\r\n\r\n"
    yield "chunks, the second request inside", post("Transfer-Encoding: chunked\r\n", inside), "1R"


def heads():
    """First lines and hosts."""
    for name, line, outcomes in [
        ("two blanks", "GET  {first} HTTP/1.1", "R"),
        ("a tab", "GET\t{first}\tHTTP/1.1", "R"),
        ("a blank behind", "GET {first} HTTP/1.1 ", "R"),
        ("a word behind", "GET {first} HTTP/1.1 x", "R"),
        ("HTTP/2", "GET {first} HTTP/2.0", "R"),
        ("HTTP/1.2", "GET {first} HTTP/1.2", "R"),
        ("no version", "GET {first}", "R"),
        ("small letters", "GET {first} http/1.1", "R"),
        ("a bare CR", "GET {first}\rx HTTP/1.1", "R"),
        ("a NUL", "GET {first}\x00 HTTP/1.1", "R"),
        ("a line break in the target", "GET {first}\r\nX HTTP/1.1", "R"),
        ("a blank before", " GET {first} HTTP/1.1", "R"),
        ("empty lines before", "\r\n\r\nGET {first} HTTP/1.1", "2R"),
        ("a method that is none", "G{{T {first} HTTP/1.1", "R"),
        ("an absolute target", "GET http://other{first} HTTP/1.1", "2R"),
    ]:
        yield f"a first line, {name}", get(line=line) + SECOND, outcomes
    for name, host, outcomes in [
        ("none", "", "R"),
        ("two", "Host: m\r\nHost: n\r\n", "R"),
        ("folded", "Host:\r\n m\r\n", "R"),
        ("a blank before the colon", "Host : m\r\n", "R"),
        ("a blank before the name", " Host: m\r\n", "R"),
        ("behind no name", ": x\r\nHost: m\r\n", "R"),
        ("behind a line without a colon", "x\r\nHost: m\r\n", "R"),
        ("behind a fold", "X: a\r\n b\r\nHost: m\r\n", "R"),
    ]:
        yield f"a host, {name}", get(host=host) + SECOND, outcomes
    yield "a head that ends with LF", get().replace("\r\n", "\n") + SECOND, "2R"
    yield "a head whose last line ends with LF", get()[:-2] + "\n" + SECOND, "2R"
    yield "a head that ends with CR", get()[:-2] + "\r\r\n" + SECOND, "R"
    yield "a last request", get("Connection: close\r\n") + SECOND, "1"
    second = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n"
    yield "an upgrade to HTTP/2", get(second) + SECOND, "12R"
    yield "an upgrade to a WebSocket", get("Connection: Upgrade\r\nUpgrade: websocket\r\n") + SECOND, "1R"
    yield "a CONNECT", "CONNECT m:80 HTTP/1.1\r\nHost: m\r\n\r\n" + SECOND, "1R"
    yield "an expectation", post("Content-Length: 2\r\nExpect: 100-continue\r\n", "{{}}" + SECOND), "2R"
    yield "a field of 1 MB", get(f"X: {'a' * 1_000_000}\r\n") + SECOND, "R"
    yield "200 fields", get("".join(f"X-{number}: a\r\n" for number in range(200))) + SECOND, "R"


def all_forms():
    """Each form by its name, as it is sent to this place with that second request, and what may become of it."""
    for family in (lengths, encodings, chunks, heads):
        for name, text, outcomes in family():

            def sent(first, second, text=text):
                size = len(SECOND.format(second=second))
                return text.format(first=first, second=second, size=size).encode("latin-1", "replace")

            yield name, sent, outcomes
