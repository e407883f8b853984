# %% predict_width
my_number = 724
my_heads = 14

# %% head_width
def head_width(d_model: int, num_heads: int) -> int:
    """The width of one head, where num_heads heads share d_model equally."""
    quotient, remainder = divmod(d_model, num_heads)
    if remainder > 0:
        raise ValueError(f"{d_model=} is not divisible by {num_heads=}")
    return quotient

# %% predict_concat_width
my_width = 126

# %% concat_width
def concat_width(num_heads: int, d_v: int) -> int:
    """The width of num_heads heads of width d_v, side by side."""
    return num_heads * d_v

# %% choose_configurations
possible = {"A", "D", "F"}
show_numbers("head_dimensions.configurations", my_number)

# %% table_of_shapes
B, T, D_MODEL, H, D_K, D_V = 2, 5, 24, 3, 4, 6
shapes: dict[str, tuple[int, ...]] = {
    "w_q": (D_MODEL, H * D_K),
    "w_v": (D_MODEL, H * D_V),
    "q": (B, T, H * D_K),
    "v": (B, T, H * D_V),
    "q_heads": (B, H, T, D_K),
    "v_heads": (B, H, T, D_V),
    "k_swapped": (B, H, D_K, T),
    "scores": (B, H, T, T),
    "heads": (B, H, T, D_V),
    "concatenated": (B, T, H * D_V),
}

# %% split_heads
def split_heads(x: np.ndarray, num_heads: int) -> np.ndarray:
    """The columns of all heads, shared out: (..., T, H·d) to (..., H, T, d)."""
    *leading, tokens, width = x.shape
    per_head = head_width(d_model=width, num_heads=num_heads)
    apart = x.reshape(*leading, tokens, num_heads, per_head)
    return np.swapaxes(apart, axis1=-3, axis2=-2)

# %% concat_heads
def concat_heads(heads: np.ndarray) -> np.ndarray:
    """The heads side by side: (..., H, T, d) to (..., T, H·d)."""
    *leading, num_heads, tokens, per_head = heads.shape
    tokens_first = np.swapaxes(heads, axis1=-3, axis2=-2)
    return tokens_first.reshape(*leading, tokens, concat_width(num_heads=num_heads, d_v=per_head))
