"""``landslides models``: what is on the shelf."""

from __future__ import annotations

import json

import click

from ..library.shelf import find_model, scan_shelves


@click.group()
def models() -> None:
    """List models and show their cards."""


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
def list_command(as_json: bool) -> int:
    """List the shipped models and your own."""
    found, faults = scan_shelves()
    cards = list(found.values())
    for fault in faults:
        click.echo(f"Warning: {fault}", err=True)
    if as_json:
        rows = [
            {
                "name": card.name,
                "detector": card.detector,
                "architecture": card.architecture,
                "description": card.description,
                "folder": str(card.folder),
                "resolution": card.resolution,
                "default": card.is_default,
            }
            for card in cards
        ]
        click.echo(json.dumps(rows))
    else:
        for card in cards:
            default = " (default)" if card.is_default else ""
            click.echo(f"{card.name}: {card.detector}{default}. {card.description}")
    return 0


@models.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print the card as it is.")
def show_command(name: str, as_json: bool) -> int:
    """Show a model's card, by NAME or folder."""
    card = find_model(name)
    if as_json:
        click.echo(json.dumps(card.fields))
        return 0
    for key, value in card.fields.items():
        text = value if isinstance(value, str) else json.dumps(value, indent=2)
        click.echo(f"{key}: {text}")
    return 0
