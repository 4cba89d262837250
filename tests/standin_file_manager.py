"""A file manager, in tests only, on a real bus: says what it was asked to show, or refuses."""

import sys

from jeepney import MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

NAME = "org.freedesktop.FileManager1"


def main(address: str, refuses: bool) -> None:
    """Serve one call; each line on standard output is one thing that happened."""
    connection = open_dbus_connection(address)
    connection.send_and_get_reply(message_bus.RequestName(NAME))
    print("ready", flush=True)
    while True:
        message = connection.receive()
        if message.header.message_type is MessageType.method_call:
            print(message.header.fields[8], *message.body[0], flush=True)  # 8: the signature
            refused = new_error(message, f"{NAME}.Refused")
            connection.send(refused if refuses else new_method_return(message))
            return


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] == "refuses")
